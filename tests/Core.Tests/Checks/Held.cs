using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Checks;

/// <summary>
/// An object and a kernel of a few types, and what the checks say.
/// <code>
/// new Held().Program("fentry/f").Kernel(types => types.Function("f")).Check(NeedKind.AttachTarget)
/// </code>
/// </summary>
internal sealed class Held
{
    private readonly ObjectWriter _object = new();
    private readonly BtfWriter _kernel = new();
    private readonly List<(string Name, Action<BtfWriter> Types)> _modules = [];

    private readonly Dictionary<string, Action<BtfWriter, BtfTypes>> _inlineSites = [];
    private KernelVersion? _version;

    /// <summary>The version of the kernel.</summary>
    public Held At(KernelVersion version)
    {
        _version = version;
        return this;
    }

    public BtfWriter Types => _object.Btf;

    public ObjectWriter Object => _object;

    /// <summary>A program that makes these calls and ends.</summary>
    public Held Program(string section, params ReadOnlySpan<int> helpers)
    {
        var code = new List<Instruction>();
        foreach (var helper in helpers) code.Add(new(0x85, 0, 0, 0, helper));
        return Code(section, [.. code]);
    }

    /// <summary>A program of these instructions; <c>exit</c> follows.</summary>
    public Held Code(string section, params ReadOnlySpan<Instruction> code)
    {
        var written = _object.Section(section);
        var first = written.Add(code);
        written.Add(new Instruction(0x95, 0, 0, 0, 0));
        written.Function(section.Split('/')[^1].Replace("?", "", StringComparison.Ordinal) + "_prog", first, code.Length + 1);
        return this;
    }

    public Held Kernel(Action<BtfWriter> types)
    {
        types(_kernel);
        return this;
    }

    public Held Module(string name, Action<BtfWriter> types)
    {
        _modules.Add((name, types));
        return this;
    }

    /// <summary>Inline sites of the kernel or of a module: each name is a function that was inlined in one place.</summary>
    public Held Inlined(string of, params string[] functions)
    {
        _inlineSites.Add(of, (sites, on) => sites.Inlined(on, functions));
        return this;
    }

    public Check Check(NeedKind kind) => Assert.Single(Checks(), check => check.Kind == kind);

    public IReadOnlyList<Check> Checks()
    {
        if (_kernel.NextId == 1) _kernel.Int("int", 4);
        var bpf = BpfObject.Read(_object.ToBytes());
        var kernel = BtfReader.Read(_kernel.ToBytes());
        var modules = _modules.ConvertAll(module =>
        {
            var own = new BtfWriter(splitBase: kernel);
            module.Types(own);
            return new ModuleTypes(module.Name, BtfReader.Read(own.ToBytes(), kernel));
        });
        var types = new KernelTypes(kernel, modules) { InlineSites = InlineSites };
        var stop = TestContext.Current.CancellationToken;
        var relocated = Assert.IsType<Relocated>(Relocator.Relocate(bpf, types, stop));
        return NeedChecks.Of(bpf, relocated, ReachabilityCheck.Of(bpf, relocated, _version, stop), _version, stop);

        BtfTypes? InlineSites(string of)
        {
            if (!_inlineSites.TryGetValue(of, out var write)) return null;
            var on = of == KernelTypes.Vmlinux ? kernel : modules.Single(module => module.Name == of).Types;
            var sites = new BtfWriter(splitBase: on);
            write(sites, on);
            return BtfReader.Read(sites.ToBytes(), on);
        }
    }
}

/// <summary>Types of kernels, as pahole writes them.</summary>
internal static class PaholeTypes
{
    public static void Function(this BtfWriter types, string name) => types.Ref(BtfKind.Func, types.FuncProto(0), name);

    /// <summary>What pahole moves to .BTF.inline: the sites, and the functions that exist nowhere else.</summary>
    public static void Inlined(this BtfWriter sites, BtfTypes on, params ReadOnlySpan<string> functions)
    {
        var places = sites.Add("", BtfKind.LocProto, 0, 0, false);
        var entries = new List<uint>();
        foreach (var name in functions)
        {
            var function = on.Symbols.Find(System.Text.Encoding.UTF8.GetBytes(name))?.Id
                ?? sites.Ref(BtfKind.Func, sites.FuncProto(0), name);
            entries.AddRange([function, places, (uint)entries.Count * 16]);
        }

        // Two sections, as for a kernel with .text and .init.text.
        var first = entries.Count / 3 / 2;
        sites.Add(".text", BtfKind.LocSec, 0, (uint)first, false, [.. entries[..(first * 3)]]);
        sites.Add(".init.text", BtfKind.LocSec, 0, (uint)((entries.Count / 3) - first), false, [.. entries[(first * 3)..]]);
    }

    public static void Tracepoint(this BtfWriter types, string name) =>
        types.Ref(BtfKind.Typedef, types.Ptr(types.FuncProto(0)), "btf_trace_" + name);

    public static void Helpers(this BtfWriter types, params ReadOnlySpan<(string Name, int Value)> helpers) =>
        types.Enum("bpf_func_id", 4, false, helpers);
}
