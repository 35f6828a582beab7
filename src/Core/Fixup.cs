using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>A record, its resolution on the kernel, and the change of its instruction.</summary>
public readonly record struct Fixup
{
    private readonly CoreRecord[] _records;
    private readonly int _index;

    internal Fixup(CoreRecord[] records, int index, Resolution resolution, InstructionChange change)
    {
        _records = records;
        _index = index;
        Resolution = resolution;
        Change = change;
    }

    /// <summary>The record.</summary>
    public ref readonly CoreRecord Record => ref _records[_index];

    /// <summary>Whether this stands for a record that is in no program.</summary>
    internal bool IsEmpty => _records is null;

    /// <summary>The resolution, shared with all records of the same access and kind.</summary>
    public Resolution Resolution { get; }

    /// <summary>The instruction before and after.</summary>
    public InstructionChange Change { get; }

    /// <summary>Whether the verifier refuses the instruction when it is reached.</summary>
    public bool IsPoisoned => Change.Poisoned != Miss.None;

    /// <summary>Whether libbpf would refuse the program. The program is optional, and its instruction is poisoned instead.</summary>
    public bool IsRefused => Change.Poisoned == Miss.Refused;

    /// <summary>Whether the instruction differs from the original.</summary>
    public bool IsChanged => Change.Before != Change.After;
}
