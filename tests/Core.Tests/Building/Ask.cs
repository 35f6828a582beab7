using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Tests.Building;

/// <summary>
/// One question of one rule: an object with the local types, an instruction per record, relocated against the target types.
/// <code>
/// var ask = new Ask(local => …root id…, target => …);
/// ask.Load("0:1", offset: 16)  …  ask.Run().Offset(0)
/// </code>
/// </summary>
internal sealed class Ask
{
    private readonly ObjectWriter _object;
    private readonly ObjectWriter.ProgramSection _section;
    private readonly BtfWriter _kernel;
    private readonly uint _root;
    private readonly List<int> _places = [];
    private readonly List<(string Name, Action<BtfWriter> Types)> _modules = [];

    public Ask(Func<BtfWriter, uint> local, Action<BtfWriter> target, bool bigEndian = false, string section = "raw_tp/x")
    {
        _object = new(bigEndian);
        _kernel = new(bigEndian);
        _root = local(_object.Btf);
        target(_kernel);
        _section = _object.Section(section);
    }

    public BtfWriter Local => _object.Btf;

    /// <summary>How many modules were opened, over all runs.</summary>
    public int ModulesOpened { get; private set; }

    /// <summary>A load <c>r1 = *(uN *)(r2 + offset)</c> whose offset is relocated.</summary>
    public Ask Load(string access, short offset, int bytes = 8, uint? root = null) =>
        Insn(new(LoadCode(bytes), 1, 2, offset, 0), access, CoreReloKind.FieldByteOffset, root);

    /// <summary><c>r1 = value</c> whose immediate is relocated.</summary>
    public Ask Move(CoreReloKind kind, string access, int value, uint? root = null) => Insn(new(0xb7, 1, 0, 0, value), access, kind, root);

    /// <summary><c>r1 = value ll</c>, two slots.</summary>
    public Ask Wide(CoreReloKind kind, string access, ulong value, uint? root = null)
    {
        Insn(new(0x18, 1, 0, 0, (int)value), access, kind, root);
        _section.Add(new Instruction(0, 0, 0, 0, (int)(value >> 32)));
        return this;
    }

    /// <summary>Any instruction.</summary>
    public Ask Insn(Instruction instruction, string access, CoreReloKind kind, uint? root = null)
    {
        var at = _section.Add(instruction);
        _places.Add(at);
        _object.Relo(_section, at, root ?? _root, access, kind);
        return this;
    }

    public Answer Run(long? budget = null)
    {
        _section.Add(new Instruction(0x95, 0, 0, 0, 0));
        var bpf = BpfObject.Read(_object.ToBytes());
        var kernel = BtfReader.Read(_kernel.ToBytes());
        return new(bpf, Relocator.Relocate(bpf, new KernelTypes(kernel, Modules(kernel)), Budget(bpf, budget)), _places);
    }

    private static WorkBudget Budget(BpfObject bpf, long? steps)
    {
        var stop = TestContext.Current.CancellationToken;
        return steps is { } allowed ? new(allowed, stop) : WorkBudget.For(bpf.Specs.Length, stop);
    }

    /// <summary>A module of the kernel. Its types follow the kernel's, whose ids and strings they may refer to.</summary>
    public Ask Module(string name, Action<BtfWriter> types)
    {
        _modules.Add((name, types));
        return this;
    }

    private IEnumerable<ModuleTypes> Modules(BtfTypes kernel)
    {
        foreach (var (name, write) in _modules)
        {
            ModulesOpened++;
            var module = new BtfWriter(kernel.IsBigEndian, kernel);
            write(module);
            yield return new(name, BtfReader.Read(module.ToBytes(), kernel));
        }
    }

    /// <summary>The object and the kernel, for questions other than relocation.</summary>
    public (BpfObject Object, BtfTypes Kernel) Open()
    {
        _section.Add(new Instruction(0x95, 0, 0, 0, 0));
        return (BpfObject.Read(_object.ToBytes()), BtfReader.Read(_kernel.ToBytes()));
    }

    private static byte LoadCode(int bytes) => bytes switch { 8 => 0x79, 4 => 0x61, 2 => 0x69, _ => 0x71 };
}

/// <summary>The result of an <see cref="Ask"/>; records are numbered in the order of the calls.</summary>
internal sealed class Answer(BpfObject bpf, RelocationOutcome outcome, List<int> places)
{
    public const int PoisonImmediate = 0x0bad2310;

    public BpfObject Object => bpf;

    public Relocated Relocated => Assert.IsType<Relocated>(outcome);

    public string Error => Assert.IsType<RelocationFailed>(outcome).Message;

    public RelocationFailed Failure => Assert.IsType<RelocationFailed>(outcome);

    public Instruction At(int record, int slot = 0)
    {
        var section = bpf.Elf.Sections[bpf.Programs[0].Section.Index];
        return Instruction.Read(Relocated.PatchedBytes.Span[((int)section.Offset + ((places[record] + slot) * 8))..], bpf.Elf.IsBigEndian);
    }

    public short Offset(int record = 0) => At(record).Off;

    public int Immediate(int record = 0) => At(record).Imm;

    public bool IsPoisoned(int record = 0) => At(record) is { Code: 0x85, Dst: 0, Src: 0, Off: 0, Imm: PoisonImmediate };
}
