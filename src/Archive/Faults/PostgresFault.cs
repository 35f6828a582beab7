using Npgsql;

namespace Relo.Archive.Faults;

/// <summary>Maps exceptions of PostgreSQL to storage faults.</summary>
internal static class PostgresFault
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2), Later = TimeSpan.FromSeconds(30);

    /// <summary>The storage fault; null for a defect of Relo (a violated constraint, wrong SQL).</summary>
    public static StorageFault? Of(NpgsqlException exception) => exception is PostgresException { SqlState: { } state }
        ? OfState(state)
        : new("the database cannot be reached", Soon); // no answer, a broken connection, or no free connection in the pool

    /// <summary>Whether the server cannot be reached, is stopping or is starting.</summary>
    public static bool IsAway(NpgsqlException exception) =>
        exception is not PostgresException { SqlState: { } state } || state is "57P01" or "57P02" or "57P03" or "53300";

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static StorageFault? OfState(string state) => state switch
    {
        "57P01" or "57P02" or "57P03" => new("the database is stopping or starting", Soon),
        "53300" => new("the database has too many connections", Soon),
        "53200" => new("the database has too little memory", Soon),
        "53100" => new("the disk with the database is full", Later),
        "25006" => new("the database is read-only", Later), // a standby
        "25P03" or "25P02" => new("the database ended the transaction", Soon),
        "40001" or "40P01" or "55P03" or "57014" => new("the database is locked by another process", Soon),
        "3D000" or "28000" or "28P01" or "42501" => new("the database refuses the service", Later),
        "42P01" => new("the database has lost its tables", Later), // the start created all
        "58030" or "58P01" => new("the database cannot be read from or written to the disk", Later),
        "XX001" or "XX002" => new("the database is damaged", Later),
        _ when state.StartsWith("08", StringComparison.Ordinal) => new("the database cannot be reached", Soon),
        _ => null,
    };
}
