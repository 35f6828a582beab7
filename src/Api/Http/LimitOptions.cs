namespace Relo.Api.Http;

/// <summary>Section <c>Limits</c>: what one request may cost.</summary>
internal sealed class LimitOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Limits";

    /// <summary>Largest BPF object, as sent and unpacked. Default 32 MiB: the largest known real ones (cilium's) are below 10 MiB.</summary>
    public long ObjectBytes { get; set; } = 32L << 20;

    /// <summary>Largest kernel file of an upload. Default 512 MiB: a vmlinux with debug information is around 400 MiB.</summary>
    public long KernelFileBytes { get; set; } = 512L << 20;
}
