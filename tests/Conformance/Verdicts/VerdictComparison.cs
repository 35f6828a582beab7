using System.Globalization;
using Relo.Conformance.Running;

namespace Relo.Conformance.Verdicts;

/// <summary>Counts of verdicts against the verifier, and the differences in words.</summary>
public sealed class VerdictComparison
{
    private readonly List<string> _differences = [];
    private readonly List<string> _unjudged = [];

    public int Working { get; private set; }
    public int Broken { get; private set; }
    public int FalselyBroken { get; private set; }
    public int Missed { get; private set; }
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>What the verifier, or libbpf before it, refused for another reason although our verdict is broken: whether it is, it does not tell.</summary>
    public IReadOnlyList<string> Unjudged => _unjudged;

    public int Judged => Working + Broken + FalselyBroken + Missed;

    /// <summary>Compares a verdict.</summary>
    /// <param name="where">Object and program.</param>
    /// <param name="weSayBroken">Our verdict.</param>
    /// <param name="loads">What the kernel said, for each configuration that was tried.</param>
    public void Add(string where, bool weSayBroken, params IReadOnlyList<LoadResult> loads)
    {
        var isPoison = loads.Any(load => load.IsPoison);
        // Refused for something else: nothing is known of the instructions behind it.
        if (!isPoison && weSayBroken && loads.FirstOrDefault(load => !load.Loads) is { Error: not 0 } other) _unjudged.Add($"{where}: {other.Why}");
        else if (isPoison && weSayBroken) Broken++;
        else if (!isPoison && !weSayBroken) Working++;
        else if (isPoison)
        {
            Missed++;
            _differences.Add($"{where}: MISSED, the verifier refuses it ({loads.First(load => load.IsPoison).Why}), our verdict is not broken");
        }
        else
        {
            FalselyBroken++;
            _differences.Add($"{where}: FALSE ALARM, it loads, our verdict is broken");
        }
    }

    public const string Header = "| | verdicts | both: works | both: broken | broken by our word only | by the verifier's only | refused for another reason |\n|---|--:|--:|--:|--:|--:|--:|\n";

    /// <summary>A row below <see cref="Header"/>.</summary>
    public string Row(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {Judged:N0} | {Working:N0} | {Broken:N0} | {FalselyBroken} | {Missed} | {Unjudged.Count} |\n");
}
