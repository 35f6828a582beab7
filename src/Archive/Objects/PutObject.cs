namespace Relo.Archive.Objects;

/// <summary>An object that was put.</summary>
/// <param name="Object">The object with all its tags.</param>
/// <param name="IsNew">Whether its bytes were not there before.</param>
public sealed record PutObject(StoredObject Object, bool IsNew);
