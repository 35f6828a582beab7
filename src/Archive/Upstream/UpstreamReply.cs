namespace Relo.Archive.Upstream;

/// <summary>The upstream's reply for one address.</summary>
internal abstract record UpstreamReply;

/// <summary>The complete file.</summary>
internal sealed record UpstreamFile(ReadOnlyMemory<byte> Bytes) : UpstreamReply;

/// <summary>The upstream does not have the file: it responded with 404 or 410.</summary>
internal sealed record UpstreamMissing : UpstreamReply;

/// <summary>It is unknown whether the file exists: the upstream is unreachable, fails, or sends something else.</summary>
/// <param name="Reason">The reason, for people.</param>
/// <param name="RetryAfter">The time until a retry may succeed.</param>
internal sealed record UpstreamFailed(string Reason, TimeSpan RetryAfter) : UpstreamReply;

/// <summary>The upstream sends something other than the file; a retry would get the same.</summary>
internal sealed record UpstreamUnfit(string Reason) : UpstreamReply;
