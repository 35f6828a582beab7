using Relo.Core.Bytes;

namespace Relo.Api.Bundles;

/// <summary>The object as uploaded.</summary>
internal sealed record BundledObject(Digest Sha256, long SizeBytes, string? Name);
