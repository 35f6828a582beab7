using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Checks;

/// <summary>The features that types and functions show by their names, found in one pass over a kernel's BTF.</summary>
internal sealed class NamedFeatures
{
    private readonly BtfTypes _kernel;
    private readonly FeatureNames _names;
    private readonly HashSet<string> _hooks;

    private NamedFeatures(BtfTypes kernel, FeatureNames names) => (_kernel, _names, _hooks) = (kernel, names, HooksOf(kernel, names));

    public List<Feature> Kfuncs { get; } = [];

    public List<Feature> Tracepoints { get; } = [];

    public List<Feature> LsmHooks { get; } = [];

    public List<Feature> Iterators { get; } = [];

    public List<Feature> StructOps { get; } = [];

    /// <summary>Reads the features; each list is sorted by name.</summary>
    /// <exception cref="MalformedObjectException">Their names are too long together.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NamedFeatures Of(BtfTypes kernel, FeatureNames names, CancellationToken cancellation)
    {
        var features = new NamedFeatures(kernel, names);
        for (var id = kernel.FirstId; id < (uint)kernel.Count; id++)
        {
            cancellation.ThrowIfCancellationRequested();
            var type = kernel[id];
            switch (type.Kind)
            {
                case BtfKind.Func: features.Function(type); break;
                case BtfKind.Typedef: Add(features.Tracepoints, features.After(type, "btf_trace_"u8), "typedef btf_trace_{0}"); break;
                case BtfKind.Struct: features.Operations(type); break;
                case BtfKind.DeclTag: features.Tag(type); break;
            }
        }

        List<Feature>[] lists = [features.Kfuncs, features.Tracepoints, features.LsmHooks, features.Iterators, features.StructOps];
        foreach (var list in lists) list.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return features;
    }

    private void Function(BtfType type)
    {
        if (After(type, "bpf_lsm_"u8) is { } hook && _hooks.Contains(hook)) Add(LsmHooks, hook, "FUNC bpf_lsm_{0}");
        if (After(type, "bpf_iter_"u8) is { } iterator && TakesMeta(type)) Add(Iterators, iterator, "FUNC bpf_iter_{0}");
    }

    // pahole tags the functions of the kernel's kfunc sets (BTF_KFUNCS_START; pahole 1.26, Linux 6.10).
    private void Tag(BtfType tag)
    {
        if (_kernel.NameEquals(tag.NameOffset, "bpf_kfunc"u8) && _kernel[tag.SizeOrType] is { Kind: BtfKind.Func } function)
            Add(Kfuncs, _names.Text(function.NameOffset), "FUNC {0} with tag bpf_kfunc");
    }

    // struct bpf_struct_ops_<name> { …; struct <name> data; }
    private void Operations(BtfType type)
    {
        var prefix = "bpf_struct_ops_"u8;
        if (type.Count == 0 || !_kernel.NameStartsWith(type.NameOffset, prefix)) return;
        var last = _kernel.Member(type, type.Count - 1);
        var name = _kernel.Name(type.NameOffset)[prefix.Length..];
        if (_kernel.NameEquals(last.NameOffset, "data"u8) && _kernel.NameEquals(_kernel[last.TypeId].NameOffset, name))
            Add(StructOps, After(type, prefix), "struct bpf_struct_ops_{0}");
    }

    // DEFINE_BPF_ITER_FUNC: int bpf_iter_<name>(struct bpf_iter_meta *meta, …).
    private bool TakesMeta(BtfType function)
    {
        var prototype = _kernel[function.SizeOrType];
        if (prototype is not { Kind: BtfKind.FuncProto, Count: > 0 }) return false;
        var pointer = _kernel[_kernel.Parameter(prototype, 0).TypeId];
        return pointer.Kind == BtfKind.Ptr && _kernel.NameEquals(_kernel[pointer.SizeOrType].NameOffset, "bpf_iter_meta"u8);
    }

    private string? After(BtfType type, ReadOnlySpan<byte> prefix) => _kernel.NameStartsWith(type.NameOffset, prefix)
        ? _names.Text(type.NameOffset, skip: prefix.Length)
        : null;

    // union security_list_options has a member for each hook.
    private static HashSet<string> HooksOf(BtfTypes kernel, FeatureNames names)
    {
        var hooks = new HashSet<string>(StringComparer.Ordinal);
        if (kernel.Find(BtfKind.Union, "security_list_options"u8) is { } options)
            for (var i = 0; i < options.Count; i++) hooks.Add(names.Text(kernel.Member(options, i).NameOffset));
        return hooks;
    }

    private static void Add(List<Feature> list, string? name, string evidence)
    {
        if (name is not null) list.Add(new(name, evidence.Replace("{0}", name, StringComparison.Ordinal)));
    }
}
