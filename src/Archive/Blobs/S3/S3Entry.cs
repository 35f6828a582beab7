namespace Relo.Archive.Blobs.S3;

/// <summary>The metadata of an object.</summary>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Version">Its ETag, which changes with its bytes.</param>
/// <param name="Sha256">The checksum of all its bytes in Base64, if the store keeps one.</param>
internal sealed record S3Entry(long SizeBytes, string Version, string? Sha256);
