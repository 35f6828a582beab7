namespace Relo.Api.Bundles;

/// <summary>Why a kernel has no file: code and detail of the problem that a relocation for it alone would be.</summary>
internal sealed record UnusableReason(string Code, string Detail);
