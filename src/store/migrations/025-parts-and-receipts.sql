-- Parts of long texts that come one by one, until all of them are there or are waited for no more. The text of a
-- part is kept here and not read from its arrival, which may be older than raw requests are kept.
create table inbound_parts (
  channel_id text not null,
  sender text not null,
  recipient text not null,
  reference text not null,
  total smallint not null,
  part smallint not null,
  arrival_seq bigint not null,
  provider_message_id text,
  text text not null,
  received_at timestamptz not null,
  primary key (channel_id, sender, recipient, reference, total, part)
);

-- Our own id of the text, where a receipt tells it.
alter table orphan_receipts add column message_id text;

-- Of a reaction ("Liked ..."): the message that it quotes.
alter table messages add column reaction_to text;
