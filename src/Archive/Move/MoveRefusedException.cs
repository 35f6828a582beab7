namespace Relo.Archive.Move;

/// <summary>The target is not empty and no earlier part of the same move.</summary>
public sealed class MoveRefusedException(string message) : Exception(message);
