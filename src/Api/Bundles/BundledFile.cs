using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Bundles;

/// <summary>A relocated object.</summary>
internal sealed record BundledFile(Digest Sha256, long SizeBytes, Verdict Verdict);
