namespace Relo.Fuzz.Harnesses;

/// <summary>All harnesses.</summary>
internal static class All
{
    public static IReadOnlyList<Harness> Harnesses { get; } =
        [.. Objects.All, .. Kernels.All, .. Requests.All, .. AgainstLibbpf.All, .. Reports.All];

    public static Harness Named(string name) => Harnesses.First(h => h.Name == name);
}
