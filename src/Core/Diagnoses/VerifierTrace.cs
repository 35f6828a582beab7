namespace Relo.Core.Diagnoses;

/// <summary>The instructions that one verifier log shows.</summary>
/// <param name="program">Name of the program; null if the loader did not write it before.</param>
internal sealed class VerifierTrace(string? program)
{
    // A program has at most a million instructions; a few hundred tell programs apart.
    private const int MaxOpcodes = 4096;

    private readonly Dictionary<int, byte> _opcodes = [];

    /// <summary>The program; null if the log does not name it.</summary>
    public string? Program { get; } = program;

    /// <summary>The last instruction that was shown.</summary>
    public (int Index, byte Opcode)? Last { get; private set; }

    /// <summary>Opcodes by index in the program as loaded.</summary>
    public IReadOnlyDictionary<int, byte> Opcodes => _opcodes;

    /// <summary>Adds an instruction.</summary>
    public void Add(int index, byte opcode)
    {
        Last = (index, opcode);
        if (_opcodes.Count < MaxOpcodes) _opcodes[index] = opcode;
    }

    /// <summary>The instruction of the next message, if its opcode is not shown.</summary>
    public void MoveTo(int index) => Last = (index, 0);
}
