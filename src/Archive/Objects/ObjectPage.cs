namespace Relo.Archive.Objects;

/// <summary>One page of the list of objects, newest first.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ObjectPage(IReadOnlyList<StoredObject> Items, string? Next);
