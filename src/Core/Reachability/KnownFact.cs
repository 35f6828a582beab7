namespace Relo.Core.Reachability;

/// <summary>What is known of one extern.</summary>
/// <param name="IsPresent">Whether it exists; null if unknown.</param>
/// <param name="Min">The lowest possible value.</param>
/// <param name="Max">The highest possible value.</param>
/// <param name="Text">The value in words; null if unknown.</param>
internal readonly record struct KnownFact(bool? IsPresent, uint Min = 0, uint Max = 0, string? Text = null)
{
    public static KnownFact Unknown => default;

    public static KnownFact Present { get; } = new(true);

    public static KnownFact Absent { get; } = new(false);

    public static KnownFact Of(KernelVersion version) => new(true, version.Min, version.Max, version.ToString());

    public static KnownFact Of(uint value) => new(true, value, value, $"{value}");
}
