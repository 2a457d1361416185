-- Texts that were routed long after they came: those set aside and read again, or of an inbox that had stopped. The
-- log up to some time is read from ids of the day after it, and these would be missed.
create index commands_late on commands (tenant_id, id) where saved_at - received_at > interval '24 hours';

-- The person or key that invited: what they gave ends with their right to give it.
alter table invitations add column invited_by text;
