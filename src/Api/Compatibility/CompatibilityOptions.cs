namespace Relo.Api.Compatibility;

/// <summary>Section <c>Compatibility</c>.</summary>
internal sealed class CompatibilityOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Compatibility";

    /// <summary>How many kernels are looked at at the same time, for all questions together; 0 = one a processor.</summary>
    public int Parallelism { get; set; }
}
