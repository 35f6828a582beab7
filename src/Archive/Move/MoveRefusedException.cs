namespace Relo.Archive.Move;

/// <summary>The target is this archive, or has data that an earlier run of the same move did not copy.</summary>
public sealed class MoveRefusedException(string message) : Exception(message);
