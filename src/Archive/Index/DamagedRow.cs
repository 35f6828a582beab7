using Microsoft.Data.Sqlite;

namespace Relo.Archive.Index;

/// <summary>A row with values that we never write, as a damaged page produces them; reported like damage that SQLite finds.</summary>
internal static class DamagedRow
{
    private const int Corrupt = 11; // SQLITE_CORRUPT

    /// <summary>Whether this exception means a value that we never write: null, another type, an invalid digest or time.</summary>
    public static bool IsCauseOf(Exception exception) =>
        exception is InvalidOperationException or InvalidCastException or FormatException or OverflowException or ArgumentException;

    /// <summary>The exception for a row.</summary>
    public static SqliteException In(string what, Exception cause) => new($"a row of {what} is damaged: {cause.Message}", Corrupt);
}
