using Relo.Core.Bytes;

namespace Relo.Archive.Resolution;

/// <summary>The digest of a BTF.</summary>
internal sealed record BtfDigest(Digest Digest) : KernelIdentifier;
