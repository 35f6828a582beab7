namespace Relo.Archive.Objects;

/// <summary>Some objects of the list, the newest first.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ObjectPage(IReadOnlyList<StoredObject> Items, string? Next);
