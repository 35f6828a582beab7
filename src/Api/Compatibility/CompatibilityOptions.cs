namespace Relo.Api.Compatibility;

/// <summary>Section <c>Compatibility</c>.</summary>
internal sealed class CompatibilityOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Compatibility";

    /// <summary>Maximum number of kernels that one request checks concurrently; 0 = one per processor.</summary>
    public int Parallelism { get; set; }
}
