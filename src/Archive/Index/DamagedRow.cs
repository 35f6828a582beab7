using Relo.Archive.Faults;

namespace Relo.Archive.Index;

/// <summary>A row with values that we never write, as a damaged page produces them.</summary>
internal static class DamagedRow
{
    /// <summary>
    /// Whether this exception means a value that we never write: null, another type, an invalid digest or time, bytes that do not decode.
    /// </summary>
    public static bool IsCauseOf(Exception exception) => exception is InvalidOperationException or InvalidCastException or FormatException
        or OverflowException or ArgumentException or InvalidDataException;

    /// <summary>The exception for a row.</summary>
    public static DamagedDatabaseException In(string what, Exception cause) => new($"a row of {what} is damaged: {cause.Message}", cause);
}
