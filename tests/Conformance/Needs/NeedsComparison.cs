using System.Globalization;
using System.Text.RegularExpressions;
using Relo.Conformance.Running;
using Relo.Core.Checks;

namespace Relo.Conformance.Needs;

/// <summary>Counts of what our checks say of a program against what the kernel says when it is loaded.</summary>
public sealed partial class NeedsComparison
{
    // What the kernel looks for while it loads a program; a kprobe or a tracepoint is looked for when the program is attached.
    private static readonly string[] LookedUpAtLoad = ["tracing", "lsm", "struct-ops"];

    private readonly List<string> _differences = [];

    /// <summary>Loads, and nothing that it needs is absent.</summary>
    public int Working { get; private set; }

    /// <summary>Refused for something missing, and we say that it is absent.</summary>
    public int Found { get; private set; }

    /// <summary>Refused for another reason.</summary>
    public int Otherwise { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Compares a program.</summary>
    /// <param name="where">Object and program.</param>
    /// <param name="program">Name of the program.</param>
    /// <param name="type">Its type.</param>
    /// <param name="checks">The checks of its object.</param>
    /// <param name="load">What the kernel said.</param>
    public void Add(string where, string program, string type, IReadOnlyList<Check> checks, LoadResult load)
    {
        // A tp_btf program that reads more arguments than there are is refused as well (btf_ctx_access).
        var absent = checks.Where(check => Concerns(check, program, type)
            && (check.Status == CheckStatus.Absent || check is { Status: CheckStatus.Changed, Kind: NeedKind.AttachTarget })).ToList();
        var isMissing = !load.Loads && Missing().IsMatch(load.Why);
        if (load.Loads && absent.Count > 0) _differences.Add($"{where}: FALSE ALARM, it loads, and we say: {absent[0].Evidence}");
        else if (isMissing && absent.Count == 0) _differences.Add($"{where}: MISSED, {load.Why}");
        else if (load.Loads) Working++;
        else if (isMissing) Found++;
        else Otherwise++;
    }

    private static bool Concerns(Check check, string program, string type) => check.Kind switch
    {
        // A call behind a branch that this kernel does not take is not looked at.
        NeedKind.Helper => !check.Optional && check.Programs.Contains(program),
        NeedKind.Kfunc => !check.Optional,
        NeedKind.AttachTarget => check.Programs.Contains(program) && LookedUpAtLoad.Contains(type),
        NeedKind.ProgramType => check.Programs.Contains(program),
        NeedKind.MapType => true,
        _ => false,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| loads, nothing absent | refused for something missing, which we call absent | refused otherwise | differences "
            + $"|\n|--:|--:|--:|--:|\n"
        + $"| {Working:N0} | {Found:N0} | {Otherwise:N0} | {_differences.Count} |\n");

    // check_helper_call of the verifier; bpf_object__resolve_ksym_func_btf_id, libbpf_find_attach_btf_id of libbpf.
    [GeneratedRegex(
        "unknown func |invalid func unknown#(?!195896080)|not found in kernel or module BTFs|failed to find kernel BTF type ID of")]
    private static partial Regex Missing();
}
