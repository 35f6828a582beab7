using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Tests.Building;

/// <summary>
/// An object about a field and an enumerator that the kernel lacks: questions of existence become 0, accesses become poison.
/// Written instruction by instruction, then checked for whether its poison can be reached.
/// </summary>
internal sealed class Guarded(bool bigEndian = false, KernelVersion? version = null)
{
    private readonly ObjectWriter _object = new(bigEndian);
    private ObjectWriter.ProgramSection? _section;
    private uint _missing;

    public ObjectWriter Writer => _object;

    /// <summary>Starts a section; the first one is an entry program by default.</summary>
    public Guarded In(string section)
    {
        _section = _object.Section(section);
        return this;
    }

    public ObjectWriter.ProgramSection Section => _section ??= _object.Section("raw_tp/x");

    public Guarded Add(params Instruction[] instructions)
    {
        Section.Add(instructions);
        return this;
    }

    /// <summary><c>rN = bpf_core_field_exists(missing)</c>, which is 0.</summary>
    public Guarded Exists(byte dst) => Record(Asm.Mov(dst, 1), CoreReloKind.FieldExists);

    /// <summary>The same, with the check in a 32-bit register.</summary>
    public Guarded Exists32(byte dst) => Record(Asm.Mov32(dst, 1), CoreReloKind.FieldExists);

    /// <summary>The same by <c>rN = 1 ll</c>, as for enumerators.</summary>
    public Guarded ExistsWide(byte dst)
    {
        var wide = Asm.Load64(dst, 1);
        return Record(wide[0], CoreReloKind.FieldExists).Add(wide[1]);
    }

    /// <summary><c>r3 = offset of missing</c>, which is poison.</summary>
    public Guarded Poison() => Record(Asm.Mov(3, 8), CoreReloKind.FieldByteOffset);

    /// <summary><c>r3 = offset of missing ll</c>: two slots of poison.</summary>
    public Guarded PoisonWide()
    {
        var wide = Asm.Load64(3, 8);
        return Record(wide[0], CoreReloKind.FieldByteOffset).Add(wide[1]);
    }

    /// <summary>The kernel's types; by default it has a struct s without the missing field.</summary>
    public BtfWriter Kernel { get; } = new(bigEndian);

    /// <summary>
    /// An extern of the object: a <c>__kconfig</c> variable of 4 bytes, a typed <c>__ksym</c> variable or a kernel function.
    /// </summary>
    public Guarded Extern(string name, string section, bool isFunction = false, bool isWeak = false)
    {
        var btf = _object.Btf;
        var u32 = btf.Int("unsigned int", 4);
        var type = isFunction ? btf.Ref(BtfKind.Func, btf.FuncProto(u32), name, count: 2) : btf.Var(name, u32, linkage: 2);
        btf.DataSec(section, 4, (type, 0u, 4u));
        if (isWeak) _object.Weak.Add(name);
        return this;
    }

    /// <summary><c>rN = &amp;symbol</c>, which the loader fills in.</summary>
    public Guarded Address(byte dst, string symbol)
    {
        Section.ElfRelocation(Section.Add(Asm.Load64(dst, 0)), symbol);
        return this;
    }

    /// <summary>The walk's result for the whole object.</summary>
    public ReachabilityResult Result()
    {
        var (bpf, relocated) = Relocate();
        return ReachabilityCheck.Of(bpf, relocated, version, TestContext.Current.CancellationToken);
    }

    /// <summary>The verdict of each program, by section.</summary>
    public Dictionary<string, Verdict> Verdicts()
    {
        var (bpf, relocated) = Relocate();
        var result = ReachabilityCheck.Of(bpf, relocated, version, TestContext.Current.CancellationToken);
        return bpf.Programs.ToDictionary(program => program.Section.Name, result.Of);
    }

    /// <summary>Which of the poisoned records can be reached, by the order they were written in.</summary>
    public bool[] Run(long steps = 1_000_000)
    {
        var (bpf, relocated) = Relocate();
        var facts = KernelFacts.Of(LoaderInputs.Of(bpf), relocated.Kernel, version);
        var reached = ReachabilityCheck.Of(bpf, relocated, facts, steps, TestContext.Current.CancellationToken);
        return [.. relocated.Fixups.Where(fixup => fixup.IsPoisoned).Select(fixup => reached.Records.Contains(fixup.Record.Index))];
    }

    private (BpfObject Object, Relocated Relocated) Relocate()
    {
        var bpf = BpfObject.Read(_object.ToBytes());
        Kernel.Struct("s", 8, new BtfWriter.Member("there", Kernel.Int("u64", 8), 0));
        return (bpf,
            Assert.IsType<Relocated>(
                Relocator.Relocate(bpf, BtfReader.Read(Kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken)));
    }

    /// <summary>Ends the program and returns whether its only poison can be reached.</summary>
    public bool IsReachable()
    {
        Add(Asm.Mov(0, 0), Asm.Exit);
        return Assert.Single(Run());
    }

    private Guarded Record(Instruction instruction, CoreReloKind kind)
    {
        if (_missing == 0)
        {
            var u64 = _object.Btf.Int("u64", 8);
            _missing = _object.Btf.Struct("s", 16, new("there", u64, 0), new("missing", u64, 64));
        }
        var at = Section.Add(instruction);
        _object.Relo(Section, at, _missing, "0:1", kind);
        return this;
    }
}
