namespace Relo.Api.Bundles;

/// <summary>
/// The reason why a kernel has no file: code and detail of the problem that a relocation for this kernel alone would return.
/// </summary>
internal sealed record UnusableReason(string Code, string Detail);
