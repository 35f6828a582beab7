namespace Relo.Archive;

/// <summary>Brings the archive up: database, left-overs of a killed process, snapshot, host kernel.</summary>
public sealed class ArchiveStartup
{
    /// <summary>Must have succeeded before anything else of the archive is used.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public Task StartAsync(CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>The archive cannot be used as it is; the message says what to do about it.</summary>
public sealed class ArchiveStartupException(string message, Exception? inner = null) : Exception(message, inner);
