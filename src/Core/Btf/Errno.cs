namespace Relo.Core.Btf;

/// <summary>
/// The error numbers that libbpf returns, negative as there. They are part of the messages that its users know
/// (<c>failed to relocate: -22</c>), so they are kept.
/// </summary>
internal static class Errno
{
    /// <summary>EINVAL.</summary>
    public const int EInval = -22;

    /// <summary>E2BIG: a limit of depth or size.</summary>
    public const int E2Big = -7;

    /// <summary>ERANGE.</summary>
    public const int ERange = -34;

    /// <summary>EOPNOTSUPP: an unknown kind.</summary>
    public const int EOpNotSupp = -95;

    /// <summary>Ours, not libbpf's: the work budget is exhausted. libbpf has none and would run for hours.</summary>
    public const int Budget = -10_000;
}
