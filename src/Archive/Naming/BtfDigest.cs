using Relo.Core.Bytes;

namespace Relo.Archive.Naming;

/// <summary>The digest of a BTF.</summary>
internal sealed record BtfDigest(Digest Digest) : KernelIdentifier;
