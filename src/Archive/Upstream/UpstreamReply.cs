namespace Relo.Archive.Upstream;

/// <summary>What the upstream had to say about one address.</summary>
internal abstract record UpstreamReply;

/// <summary>The whole file.</summary>
internal sealed record UpstreamFile(ReadOnlyMemory<byte> Bytes) : UpstreamReply;

/// <summary>There is no such file.</summary>
internal sealed record UpstreamMissing : UpstreamReply;

/// <summary>It cannot be told: the upstream is out of reach, in trouble, or not what it should be.</summary>
internal sealed record UpstreamFailed(string Reason) : UpstreamReply;
