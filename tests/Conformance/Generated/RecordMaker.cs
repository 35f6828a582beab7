using System.Buffers.Binary;
using System.Globalization;
using Relo.Conformance.Comparison;

namespace Relo.Conformance.Generated;

/// <summary>Generates records on an object's types: the access, and an instruction with the value that the compiler would write.</summary>
public sealed class RecordMaker(Random random, BtfAssembler types)
{
    private sealed record Access(string Text, long Value, bool ValueKnown, int Size, bool WholeArray);

    public MadeRecord Make(World world)
    {
        for (; ; )
        {
            T root = random.Next(10) switch
            {
                < 6 => world.Composites[random.Next(world.Composites.Count)],
                6 => world.Enums[random.Next(world.Enums.Count)],
                7 => world.Typedefs[random.Next(world.Typedefs.Count)],
                8 => world.Scalars[random.Next(world.Scalars.Count)],
                _ => random.Next(10) == 0 ? world.Fwds[0] : world.Composites[random.Next(world.Composites.Count)],
            };
            var resolved = TypeLayout.Strip(root);
            var kind = resolved switch
            {
                CompositeT when random.Next(4) > 0 => random.Next(3) == 0 ? random.Next(1, 6) : 0,
                EnumT when random.Next(4) > 0 => random.Next(10, 12),
                _ => random.Next(7) switch { < 2 => random.Next(6, 10), 2 => 8, _ => 12 },
            };
            var access = kind <= 5 ? Field((CompositeT)resolved!, kind) : kind is 10 or 11
                ? Enumerator((EnumT)resolved!, kind)
                : Type(root, kind);
            if (access is not null) return new(Instruction(kind, access), types.Add(root), access.Text, kind);
        }
    }

    private static Access Type(T root, int kind) => new("0", kind == 9 ? TypeLayout.SizeOf(root) : 1, kind is 8 or 9 or 12, 0, false);

    private Access Enumerator(EnumT type, int kind)
    {
        var index = random.Next(type.Values.Count);
        // The narrow kind has 32 bits; the value is sign-extended even if the enum is unsigned.
        var value = type.Wide ? type.Values[index].Value : (int)type.Values[index].Value;
        return new(index.ToString(CultureInfo.InvariantCulture), kind == 11 ? value : 1, true, 0, false);
    }

    private Access? Field(CompositeT root, int kind)
    {
        var first = random.Next(15) == 0 ? random.Next(1, 3) : 0;
        var text = new List<int> { first };
        var bit = first * root.Size * 8;
        T? at = root;
        Member? last = null;
        var element = false;
        for (var steps = 0; steps < 12; steps++)
        {
            if (at is CompositeT { Members.Count: > 0 } composite)
            {
                var index = random.Next(composite.Members.Count);
                var member = composite.Members[index];
                text.Add(index);
                bit += member.BitOffset;
                at = TypeLayout.Strip(member.Type);
                if (member.Name.Length == 0) continue;
                (last, element) = (member, false);
            }
            else if (at is ArrayT array)
            {
                // Only a flexible array, the last member of its struct, may be indexed at will; clang sees to it, so do we.
                if (array.Count == 0) break;
                var index = random.Next(array.Count);
                text.Add(index);
                bit += index * TypeLayout.SizeOf(array.Element) * 8;
                at = TypeLayout.Strip(array.Element);
                element = true;
            }
            if (last is not null && (at is not (CompositeT or ArrayT) || random.Next(3) == 0)) break;
        }
        if (last is null || (element && kind is 3 or 4 or 5 && random.Next(20) > 0)) return null;
        var bits = element ? 0 : last.Bits;
        var size = element ? TypeLayout.SizeOf(at) : TypeLayout.SizeOf(last.Type);
        var value = kind switch
        {
            0 => bit / 8,
            1 => size,
            2 => 1,
            3 => TypeLayout.Strip(last.Type) switch { IntT t => t.Encoding & IntT.Signed, EnumT t => t.Signed ? 1 : 0, _ => 0 },
            4 => 64 - size * 8,
            _ => 64 - (bits > 0 ? bits : size * 8),
        };
        return new(string.Join(':', text), value, bits == 0 || kind is 2 or 3 or 5, size, at is ArrayT);
    }

    private byte[] Instruction(int kind, Access access)
    {
        var value = access.ValueKnown && random.Next(300) > 0 ? access.Value : random.Next(100);
        var registers = (byte)(random.Next(10) | (random.Next(10) << 4));
        if (kind == 0 && access.Size is 1 or 2 or 4 or 8 && random.Next(3) > 0 && !KnownExceptions.MeasuresWholeArrays(access.WholeArray)
            && value <= short.MaxValue)
            return Memory(registers, access.Size, (short)value);
        if (value != (int)value || random.Next(4) == 0) return LoadImm64(registers, value);
        if (random.Next(250) == 0) return Slot(0x15, registers, (short)value, (int)value);     // a jump cannot be relocated
        if (random.Next(250) == 0) return Slot(0x0f, registers, 0, (int)value);                // nor an operation on registers
        if (random.Next(250) == 0) return Slot(0x20, registers, 0, (int)value);                // nor a load of packet bytes
        byte[] operations = [0xb7, 0xb4, 0x07, 0x04, 0x57];
        return Slot(operations[random.Next(operations.Length)], (byte)(registers & 0xf), 0, (int)value);
    }

    private byte[] Memory(byte registers, int size, short offset)
    {
        if (random.Next(150) == 0) size = 1 << random.Next(4);
        var width = size switch { 1 => 0x10, 2 => 0x08, 4 => 0x00, _ => 0x18 };
        int[] classes = [0x61, 0x61, 0x61, 0x62, 0x63, 0x63, 0x81, 0xc3];
        return Slot((byte)(classes[random.Next(classes.Length)] | width), registers, offset, random.Next(4) == 0 ? random.Next() : 0);
    }

    private byte[] LoadImm64(byte registers, long value)
    {
        var source = random.Next(200) == 0 ? 0x10 : 0;
        return [.. Slot(0x18, (byte)((registers & 0xf) | source), 0, (int)value), .. Slot(0, 0, 0, (int)(value >> 32))];
    }

    private static byte[] Slot(byte code, byte registers, short offset, int immediate)
    {
        var slot = new byte[8];
        (slot[0], slot[1]) = (code, registers);
        BinaryPrimitives.WriteInt16LittleEndian(slot.AsSpan(2), offset);
        BinaryPrimitives.WriteInt32LittleEndian(slot.AsSpan(4), immediate);
        return slot;
    }
}
