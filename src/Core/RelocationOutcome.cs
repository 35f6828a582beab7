using System.Text.Json.Serialization;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Core;

/// <summary>The result of relocating an object.</summary>
public abstract record RelocationOutcome
{
    private protected RelocationOutcome() { }
}

/// <summary>Every record was relocated (some perhaps to a poisoned instruction).</summary>
/// <param name="PatchedBytes">The object to load: as long as the original, and the same bytes when there was nothing to relocate.</param>
/// <param name="Kernel">The types it was relocated against; they must stay open while <paramref name="Fixups"/> are read.</param>
/// <param name="Fixups">What each record came to, in order; records of no program, which libbpf skips, are left out.</param>
public sealed record Relocated(ReadOnlyMemory<byte> PatchedBytes, BtfTypes Kernel, IReadOnlyList<Fixup> Fixups) : RelocationOutcome
{
    /// <summary>The modules that were searched; those that were opened must stay open as well.</summary>
    public IReadOnlyList<ModuleTypes> Modules { get; init; } = [];

    /// <summary>Opens the modules, those that were not looked into as well.</summary>
    internal Func<IEnumerable<ModuleTypes>> OpenModules { get; init; } = () => [];

    /// <summary>Name of the module whose types these are; null for the kernel's own.</summary>
    public string? ModuleOf(BtfTypes types) => types == Kernel ? null : Modules.FirstOrDefault(module => module.Is(types))?.Name;
}

/// <summary>A record, what the kernel answered, and what that did to the instruction.</summary>
public readonly record struct Fixup
{
    private readonly CoreRecord[] _records;
    private readonly int _index;

    internal Fixup(CoreRecord[] records, int index, Resolution resolution, Patched patched)
    {
        _records = records;
        _index = index;
        Resolution = resolution;
        Patched = patched;
    }

    /// <summary>The record in its place.</summary>
    public ref readonly CoreRecord Record => ref _records[_index];

    /// <summary>No record at all: the place of one that is in no program.</summary>
    internal bool IsEmpty => _records is null;

    /// <summary>Takes it apart.</summary>
    public void Deconstruct(out CoreRecord record, out Resolution resolution, out Patched patched) => (record, resolution, patched) = (Record, Resolution, Patched);

    /// <summary>The answer, shared with all records that ask the same.</summary>
    public Resolution Resolution { get; }

    /// <summary>The instruction before and after.</summary>
    public Patched Patched { get; }

    /// <summary>Whether the instruction is now one that the verifier refuses when it is reached.</summary>
    public bool IsPoisoned => Patched.Poisoned != Miss.None;

    /// <summary>Whether libbpf would refuse the program for it: it is optional, so its instruction is poisoned instead.</summary>
    public bool IsRefused => Patched.Poisoned == Miss.Refused;

    /// <summary>Whether the instruction is not what it was.</summary>
    public bool IsChanged => Patched.Before != Patched.After;
}

/// <summary>libbpf would refuse to load the object against this kernel.</summary>
/// <param name="Index">Index of the record among all the object's CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="Message">The text a user of libbpf would recognise.</param>
/// <param name="Section">ELF section of the record's instruction.</param>
/// <param name="Program">Program of the record's instruction.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Kind">Name of the record's kind (<c>field-byte-offset</c>, …).</param>
/// <param name="Local">The local spec as libbpf prints it, when it could be read.</param>
/// <param name="Source">The C source line of the instruction, if the object has line info.</param>
/// <param name="Hint">What to do about it, where libbpf's text does not say.</param>
public sealed record RelocationFailed(
    int Index, string Message, string Section, string? Program, int Instruction, string Kind, string? Local,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint) : RelocationOutcome;
