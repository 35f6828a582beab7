namespace Relo.Archive.Faults;

/// <summary>The database file is no longer the one opened at start.</summary>
/// <param name="how">What happened to it, for example <c>was deleted</c>.</param>
public sealed class DatabaseLostException(string how)
    : IOException($"the database {how} while the service was running; put it back, or restart the service");
