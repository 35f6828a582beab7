using Microsoft.Data.Sqlite;

namespace Relo.Archive.Index;

/// <summary>A row whose values cannot be ours, as a damaged page leaves it: reported as SQLite reports damage that it finds itself.</summary>
internal static class DamagedRow
{
    private const int Corrupt = 11; // SQLITE_CORRUPT

    /// <summary>Whether reading values throws this for a value that we never write: null, another type, or no digest or time.</summary>
    public static bool IsCauseOf(Exception exception) =>
        exception is InvalidOperationException or InvalidCastException or FormatException or OverflowException or ArgumentException;

    /// <summary>The exception for a row.</summary>
    public static SqliteException In(string what, Exception cause) => new($"a row of {what} is damaged: {cause.Message}", Corrupt);
}
