namespace Relo.Archive.Faults;

/// <summary>The archive cannot be used in its present state; the message says what to do.</summary>
public sealed class ArchiveStartupException(string message, Exception? inner = null) : Exception(message, inner);
