using Relo.Core.Bytes;

namespace Relo.Api.BtfHubOnline;

/// <summary>A packed BTF.</summary>
internal sealed record Tarball(ReadOnlyMemory<byte> Bytes, Digest Digest);
