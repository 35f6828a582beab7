using System.Globalization;
using Relo.Conformance.Running;

namespace Relo.Conformance.Verdicts;

/// <summary>Counts of verdicts against the verifier, and the differences as text.</summary>
public sealed class VerdictComparison
{
    private readonly List<string> _differences = [];
    private readonly List<string> _unjudged = [];

    /// <summary>Loads, and we do not call it broken.</summary>
    public int Working { get; private set; }

    /// <summary>Refused for a poisoned instruction, and we call it broken.</summary>
    public int Broken { get; private set; }

    /// <summary>Loads, and we call it broken.</summary>
    public int FalselyBroken { get; private set; }

    /// <summary>Refused for a poisoned instruction, and we do not call it broken.</summary>
    public int Missed { get; private set; }

    /// <summary>Refused for another reason, and we do not call it broken: no poisoned instruction was reached before that.</summary>
    public int Otherwise { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Refused for another reason, and we call it broken: the verifier did not come to the instruction we mean.</summary>
    public IReadOnlyList<string> Unjudged => _unjudged;

    public int Judged => Working + Broken + FalselyBroken + Missed + Otherwise;

    /// <summary>Compares a verdict.</summary>
    /// <param name="where">Object and program.</param>
    /// <param name="weSayBroken">Our verdict.</param>
    /// <param name="loads">What the kernel said, for each configuration that was tried.</param>
    public void Add(string where, bool weSayBroken, params IReadOnlyList<LoadResult> loads)
    {
        var isPoison = loads.Any(load => load.IsPoison);
        // Refused for something else: nothing is known of the instructions behind it.
        if (!isPoison && weSayBroken && loads.FirstOrDefault(load => !load.Loads) is { Error: not 0 } other)
            _unjudged.Add($"{where}: {other.Why}");
        else if (isPoison && weSayBroken) Broken++;
        else if (!isPoison && !weSayBroken && loads.All(load => load.Loads)) Working++;
        else if (!isPoison && !weSayBroken) Otherwise++;
        else if (isPoison)
        {
            Missed++;
            var why = loads.First(load => load.IsPoison).Why;
            _differences.Add($"{where}: MISSED, the verifier refuses it ({why}), our verdict is not broken");
        }
        else
        {
            FalselyBroken++;
            _differences.Add($"{where}: FALSE ALARM, it loads, our verdict is broken");
        }
    }

    /// <summary>Adds the counts of another.</summary>
    public void Add(VerdictComparison other)
    {
        Working += other.Working;
        Broken += other.Broken;
        FalselyBroken += other.FalselyBroken;
        Missed += other.Missed;
        Otherwise += other.Otherwise;
        _differences.AddRange(other._differences);
        _unjudged.AddRange(other._unjudged);
    }

    public const string Header =
        "| | verdicts | loads, not broken | refused for poison, broken | loads, **broken** | refused for poison, **not broken** "
        + "| refused otherwise, not broken | refused otherwise, broken: not judged |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|\n";

    /// <summary>A row below <see cref="Header"/>.</summary>
    public string Row(string name) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Judged:N0} | {Working:N0} | {Broken:N0} | {FalselyBroken} | {Missed} | {Otherwise:N0} | {Unjudged.Count} |\n");
}
