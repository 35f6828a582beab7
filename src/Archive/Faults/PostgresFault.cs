using Npgsql;

namespace Relo.Archive.Faults;

/// <summary>Maps exceptions of PostgreSQL to storage faults.</summary>
internal static class PostgresFault
{
    /// <summary>The storage fault; null for a defect of Relo (a violated constraint, wrong SQL).</summary>
    public static StorageFault? Of(NpgsqlException exception) => exception is PostgresException { SqlState: { } state }
        ? OfState(state)
        : new("the database cannot be reached", StorageFault.Soon); // no answer, a broken connection, or no free connection in the pool

    /// <summary>Whether the server cannot be reached, is stopping or is starting.</summary>
    public static bool IsAway(NpgsqlException exception) =>
        exception is not PostgresException { SqlState: { } state } || state is "57P01" or "57P02" or "57P03" or "53300";

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static StorageFault? OfState(string state) => state switch
    {
        "57P01" or "57P02" or "57P03" => new("the database is stopping or starting", StorageFault.Soon),
        "53300" => new("the database has too many connections", StorageFault.Soon),
        "53200" => new("the database has too little memory", StorageFault.Soon),
        "53100" => new("the disk with the database is full", StorageFault.Later),
        "25006" => new("the database is read-only", StorageFault.Later), // a standby
        "25P03" or "25P02" => new("the database ended the transaction", StorageFault.Soon),
        "40001" or "40P01" or "55P03" or "57014" => new("the database is locked by another process", StorageFault.Soon),
        "3D000" or "28000" or "28P01" or "42501" => new("the database refuses the service", StorageFault.Later),
        "42P01" => new("the database has lost its tables", StorageFault.Later), // the start created all of them
        "58030" or "58P01" => new("the database cannot be read from or written to the disk", StorageFault.Later),
        "XX001" or "XX002" => new("the database is damaged", StorageFault.Later),
        _ when state.StartsWith("08", StringComparison.Ordinal) => new("the database cannot be reached", StorageFault.Soon),
        _ => null,
    };
}
