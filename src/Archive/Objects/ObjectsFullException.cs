namespace Relo.Archive.Objects;

/// <summary>As many objects or tags are kept as <see cref="ObjectOptions.Count"/> allows, and none of them may be removed.</summary>
public sealed class ObjectsFullException(string what, int count)
    : Exception($"the service keeps {count} {what}, as many as Objects:Count allows; delete some, or raise Objects:Count");
