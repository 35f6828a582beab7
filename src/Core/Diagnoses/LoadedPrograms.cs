using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>The programs of an object as loaders lay them out. Each is laid out when it is asked for.</summary>
internal sealed class LoadedPrograms(BpfObject bpf)
{
    // Calls followed, over all programs. A loader refuses far less; untrusted objects may have thousands of programs that use thousands
    // of functions. Programs beyond it are laid out without the functions that they use.
    private const int MaxParts = 1 << 20;

    private readonly CallGraph _calls = new(bpf);
    private readonly Dictionary<BpfProgram, IReadOnlyList<LoadedProgram>> _known = new(ReferenceEqualityComparer.Instance);
    private int _parts;

    /// <summary>The programs that are loaded by themselves (prog_is_subprog of libbpf).</summary>
    public IReadOnlyList<BpfProgram> Entries { get; } =
        [.. bpf.Programs.Where(program => !program.IsSubprogram || bpf.Programs.Length == 1)];

    /// <summary>
    /// The layouts of a program, libbpf's first: it appends a function when it comes to its first call, then those that this one calls, as
    /// aya does (bpf_object__reloc_code). cilium/ebpf sorts by name, level by level (flattenInstructions).
    /// </summary>
    public IReadOnlyList<LoadedProgram> Of(BpfProgram entry)
    {
        if (_known.TryGetValue(entry, out var layouts)) return layouts;
        var libbpf = Depth(entry);
        var cilium = Breadth(entry);
        layouts = libbpf.SequenceEqual(cilium, ReferenceEqualityComparer.Instance)
            ? [new(libbpf)]
            : [new(libbpf), new(cilium)];
        _known.Add(entry, layouts);
        return layouts;
    }

    private List<BpfProgram> Depth(BpfProgram entry)
    {
        var (order, seen) = (new List<BpfProgram> { entry }, new HashSet<BpfProgram>(ReferenceEqualityComparer.Instance) { entry });
        var pending = new Stack<(BpfProgram Function, int Next)>([(entry, 0)]);
        while (_parts < MaxParts && pending.TryPop(out var top))
        {
            var callees = _calls.Of(top.Function);
            if (top.Next >= callees.Count) continue;
            pending.Push((top.Function, top.Next + 1));
            _parts++;
            if (!seen.Add(callees[top.Next])) continue;
            order.Add(callees[top.Next]);
            pending.Push((callees[top.Next], 0));
        }
        return order;
    }

    private List<BpfProgram> Breadth(BpfProgram entry)
    {
        var (order, seen) = (new List<BpfProgram> { entry }, new HashSet<BpfProgram>(ReferenceEqualityComparer.Instance) { entry });
        for (var next = 0; next < order.Count && _parts < MaxParts; next++)
            foreach (var callee in _calls.Of(order[next]).OrderBy(callee => callee.Name, StringComparer.Ordinal))
                if (_parts++ < MaxParts && seen.Add(callee)) order.Add(callee);
        return order;
    }
}
