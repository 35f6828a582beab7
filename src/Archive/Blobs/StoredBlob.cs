using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>One entry of a store's list.</summary>
/// <param name="Digest">The digest that names it.</param>
/// <param name="SizeBytes">Its size.</param>
internal readonly record struct StoredBlob(Digest Digest, long SizeBytes);
