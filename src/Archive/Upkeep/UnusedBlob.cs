using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>BTF that no kernel uses.</summary>
/// <param name="Btf">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record UnusedBlob(Digest Btf, long SizeBytes);
