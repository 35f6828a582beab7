namespace Relo.Archive;

/// <summary>The archive cannot be used as it is; the message says what to do about it.</summary>
public sealed class ArchiveStartupException(string message, Exception? inner = null) : Exception(message, inner);
