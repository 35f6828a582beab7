namespace Relo.Archive.Objects;

/// <summary>The result of storing an object.</summary>
/// <param name="Object">The object with all its tags.</param>
/// <param name="IsNew">Whether the object is new.</param>
public sealed record PutObject(StoredObject Object, bool IsNew);
