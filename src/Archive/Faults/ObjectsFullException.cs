namespace Relo.Archive.Faults;

/// <summary>The limit on objects or tags (<c>Objects:Count</c>) is reached, and none can be removed.</summary>
public sealed class ObjectsFullException(string what, int count)
    : Exception($"the service keeps {count} {what}, as many as Objects:Count allows; delete some, or raise Objects:Count");
