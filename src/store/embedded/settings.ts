import type { Places } from "./places.ts";

/**
 * The server's settings, given on its command line so that they follow the program's version and not a file
 * written at the first start. Sized for a small machine that also runs the program.
 */
export function serverSettings(places: Places): Record<string, string> {
  return {
    // Doors: one socket in a private folder, or loopback where there are no sockets.
    listen_addresses: places.socketDir === null ? "127.0.0.1" : "",
    unix_socket_directories: places.socketDir ?? "",
    unix_socket_permissions: "0700",
    port: String(places.port),
    password_encryption: "scram-sha-256",
    max_connections: "60",
    cluster_name: "signalbox",

    // A commit is on the disk before it is answered; these are the defaults, said aloud.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",

    // Memory: the larger cache is the operating system's.
    shared_buffers: "128MB",
    effective_cache_size: "512MB",
    work_mem: "8MB",
    maintenance_work_mem: "64MB",
    // Containers often have a tiny /dev/shm, and a log-out may empty it under an ordinary user.
    dynamic_shared_memory_type: "mmap",
    huge_pages: "off",

    // Writing: few, slow checkpoints, since each one makes the next change of every page cost a full page.
    wal_buffers: "16MB",
    wal_compression: "pglz",
    min_wal_size: "256MB",
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",

    // Planning: statements are short, and the cores belong to the program.
    jit: "off",
    max_parallel_workers_per_gather: "0",
    max_parallel_maintenance_workers: "0",
    random_page_cost: "1.1",

    // Queues turn over quickly: clean small fractions often instead of a fifth of the table at once.
    autovacuum: "on",
    autovacuum_naptime: "60s",
    autovacuum_vacuum_scale_factor: "0.1",
    autovacuum_vacuum_insert_scale_factor: "0.2",
    autovacuum_analyze_scale_factor: "0.05",

    // The log tells of the server, never of statements: they hold people's numbers and texts.
    logging_collector: "off",
    log_destination: "stderr",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
    lc_messages: "C",
    log_timezone: "UTC",
    timezone: "UTC",
  };
}

/** As `-c name=value` arguments. */
export function settingFlags(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
