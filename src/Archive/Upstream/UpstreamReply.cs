namespace Relo.Archive.Upstream;

/// <summary>The upstream's reply for one address.</summary>
internal abstract record UpstreamReply;

/// <summary>The complete file.</summary>
internal sealed record UpstreamFile(ReadOnlyMemory<byte> Bytes) : UpstreamReply;

/// <summary>The upstream has no such file: it answered 404 or 410.</summary>
internal sealed record UpstreamMissing : UpstreamReply;

/// <summary>Whether the file exists is unknown: the upstream is unreachable, failing, or answers with something else.</summary>
/// <param name="Reason">In words.</param>
/// <param name="RetryAfter">When a retry may succeed.</param>
internal sealed record UpstreamFailed(string Reason, TimeSpan RetryAfter) : UpstreamReply;

/// <summary>The upstream sends something other than the file; a retry would get the same.</summary>
internal sealed record UpstreamUnfit(string Reason) : UpstreamReply;
