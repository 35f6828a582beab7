using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>
/// Arithmetic and comparisons on constants, as far as every verifier since Linux 5.3 tracks them (adjust_scalar_min_max_vals,
/// is_branch_taken). We follow the verifier, not the CPU: the verifier treats a value as unknown after division, modulo, negation and byte
/// swaps, and before 5.10 after exclusive or.
/// </summary>
internal static class ConstantFolding
{
    /// <summary>The result, or null if the verifier does not track it.</summary>
    /// <param name="code">Opcode of class ALU or ALU64.</param>
    /// <param name="left">The destination's value.</param>
    /// <param name="right">The source's value, or the sign-extended immediate.</param>
    /// <param name="verifier">What the kernel's verifier tracks.</param>
    public static ulong? Arithmetic(byte code, ulong left, ulong right, VerifierKnowledge verifier)
    {
        var wide = (code & Opcode.ClassMask) == Opcode.Alu64;
        var bits = wide ? 64ul : 32ul;
        if (!wide) (left, right) = ((uint)left, (uint)right);
        ulong? result = (code & Opcode.OperationMask) switch
        {
            Opcode.Mov => right,
            Opcode.Add => unchecked(left + right),
            Opcode.Sub => unchecked(left - right),
            Opcode.Mul => unchecked(left * right),
            Opcode.And => left & right,
            Opcode.Or => left | right,
            Opcode.Xor when verifier.Xor => left ^ right,
            Opcode.Lsh when right < bits => left << (int)right,
            Opcode.Rsh when right < bits => left >> (int)right,
            Opcode.Arsh when right < bits => unchecked((ulong)((wide ? (long)left : (int)left) >> (int)right)),
            _ => null,
        };
        return wide ? result : result & uint.MaxValue;
    }

    /// <summary>A move that sign-extends the lowest 8, 16 or 32 bits (ISA v4; only verifiers that track it accept it).</summary>
    public static ulong? SignExtendingMove(byte code, int width, ulong value)
    {
        var wide = (code & Opcode.ClassMask) == Opcode.Alu64;
        long? result = width switch
        {
            8 => unchecked((sbyte)value),
            16 => unchecked((short)value),
            32 when wide => unchecked((int)value),
            _ => null,
        };
        return result is { } extended ? wide ? unchecked((ulong)extended) : unchecked((uint)extended) : null;
    }

    /// <summary>Whether a conditional jump is taken.</summary>
    /// <param name="code">Opcode of class JMP or JMP32 that <see cref="IsComparison"/> accepts.</param>
    /// <param name="left">The destination's value.</param>
    /// <param name="right">The source's value, or the sign-extended immediate.</param>
    public static bool IsTaken(byte code, ulong left, ulong right)
    {
        var wide = (code & Opcode.ClassMask) == Opcode.Jmp;
        if (!wide) (left, right) = ((uint)left, (uint)right);
        var (signedLeft, signedRight) = unchecked(wide ? ((long)left, (long)right) : ((int)left, (int)right));
        return (code & Opcode.OperationMask) switch
        {
            Opcode.Jeq => left == right,
            Opcode.Jne => left != right,
            Opcode.Jgt => left > right,
            Opcode.Jge => left >= right,
            Opcode.Jlt => left < right,
            Opcode.Jle => left <= right,
            Opcode.Jset => (left & right) != 0,
            Opcode.Jsgt => signedLeft > signedRight,
            Opcode.Jsge => signedLeft >= signedRight,
            Opcode.Jslt => signedLeft < signedRight,
            Opcode.Jsle => signedLeft <= signedRight,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
        };
    }

    /// <summary>
    /// Whether a conditional jump is taken for every value of a range; null if only for some. Ranges lie within 0 to 2^31.
    /// </summary>
    public static bool? IsTaken(byte code, (ulong Low, ulong High) left, (ulong Low, ulong High) right)
    {
        if (left.Low == left.High && right.Low == right.High) return IsTaken(code, left.Low, right.Low);
        var operation = code & Opcode.OperationMask;
        if (operation is Opcode.Jset) return null;
        if (operation is Opcode.Jeq or Opcode.Jne) return left.High < right.Low || right.High < left.Low ? operation == Opcode.Jne : null;
        // The other comparisons change at most once between the bounds.
        var taken = IsTaken(code, left.Low, right.Low);
        return IsTaken(code, left.Low, right.High) == taken
            && IsTaken(code, left.High, right.Low) == taken
            && IsTaken(code, left.High, right.High) == taken
            ? taken
            : null;
    }

    /// <summary>Whether an opcode of class JMP or JMP32 compares two values.</summary>
    public static bool IsComparison(byte code) => (code & Opcode.OperationMask) is
        Opcode.Jeq or Opcode.Jne or Opcode.Jset or Opcode.Jgt or Opcode.Jge or Opcode.Jlt or Opcode.Jle
        or Opcode.Jsgt or Opcode.Jsge or Opcode.Jslt or Opcode.Jsle;
}
