namespace Relo.Archive.Index;

/// <summary>The state of one part of the archive.</summary>
/// <param name="Part"><c>database</c>, <c>blobs</c> or <c>archive</c>.</param>
/// <param name="Status">Whether it works.</param>
/// <param name="Detail">The detail, for people.</param>
public sealed record ProbeResult(string Part, ProbeStatus Status, string Detail);
