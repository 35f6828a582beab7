using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Relo.Core.Tests.Rooms;

/// <summary>The types that a type uses: in its declaration, in its members' signatures and in their code.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xffff);

    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (var used in type.GetInterfaces()) Add(found, used);
        foreach (var field in type.GetFields(Declared)) Add(found, field.FieldType);
        foreach (var method in type.GetMethods(Declared)) Add(found, method.ReturnType);
        foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
        {
            foreach (var parameter in method.GetParameters()) Add(found, parameter.ParameterType);
            if (method.GetMethodBody() is not { } body) continue;
            foreach (var local in body.LocalVariables) Add(found, local.LocalType);
            foreach (var token in Tokens(body.GetILAsByteArray()!)) AddMember(found, method, token);
        }

        return found;
    }

    private static void AddMember(HashSet<Type> found, MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, ofType, method.IsGenericMethod ? method.GetGenericArguments() : null)!;
        Add(found, member as Type ?? member.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } called)
            foreach (var argument in called.GetGenericArguments()) Add(found, argument);
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        if (type is null || type.IsGenericParameter) return;
        if (type.HasElementType)
        {
            Add(found, type.GetElementType());
            return;
        }

        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        foreach (var argument in type.GetGenericArguments()) Add(found, argument);
    }

    /// <summary>The metadata tokens of types, methods and fields in a method's code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            int value = code[at++];
            if (value == 0xfe) value = (value << 8) | code[at++];
            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
