namespace Relo.Archive.Upstream;

/// <summary>The upstream's reply for one address.</summary>
internal abstract record UpstreamReply;

/// <summary>The whole file.</summary>
internal sealed record UpstreamFile(ReadOnlyMemory<byte> Bytes) : UpstreamReply;

/// <summary>The upstream has no such file: it answered 404 or 410.</summary>
internal sealed record UpstreamMissing : UpstreamReply;

/// <summary>Nothing is known of the file: the upstream cannot be reached, is in trouble, or answers something else.</summary>
/// <param name="Reason">In words.</param>
/// <param name="RetryAfter">When asking again may help.</param>
internal sealed record UpstreamFailed(string Reason, TimeSpan RetryAfter) : UpstreamReply;

/// <summary>The upstream sends something that is not the file, and would send it again.</summary>
internal sealed record UpstreamUnfit(string Reason) : UpstreamReply;
