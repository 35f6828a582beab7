using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>
/// vmlinux.h: the types of a kernel as C that <c>clang -target bpf</c> compiles, with the kernel's offsets. The types are those of
/// <c>bpftool btf dump file … format c</c>, sorted, so that the headers of two kernels can be compared.
/// </summary>
public sealed class VmlinuxHeader
{
    private const int MaxDepth = 1024;

    private readonly BtfTypes _types;
    private readonly HeaderNames _names;
    private readonly HeaderTags _tags;
    private readonly HeaderText _text;
    private readonly TextLimit _limit;
    private readonly Action<string> _output;
    private readonly CancellationToken _cancellation;
    private readonly bool[] _isReferenced, _isSeen, _isSeenWhole;

    private VmlinuxHeader(BtfTypes types, long mostCharacters, Action<string> output, CancellationToken cancellation)
    {
        (_types, _output, _cancellation) = (types, output, cancellation);
        _limit = new("the header", mostCharacters, cancellation);
        _names = new(types, new("the list of names", mostCharacters, cancellation));
        _tags = new(types, _limit);
        _text = new(types, _names, new(types, _names), _tags, _limit);
        (_isReferenced, _isSeen, _isSeenWhole) = (new bool[types.Count], new bool[types.Count], new bool[types.Count]);
    }

    /// <summary>Writes the header.</summary>
    /// <param name="types">The BTF; of a module: its types, and those of the kernel.</param>
    /// <param name="title">Text of the comment at the top.</param>
    /// <param name="mostCharacters">The maximum length in characters.</param>
    /// <param name="output">Receives the text, some lines at a time.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="LayoutTooLargeException">It is longer than allowed, or types are nested more deeply than in any kernel.</exception>
    public static void Write(
        BtfTypes types, string title, long mostCharacters, Action<string> output, CancellationToken cancellation)
    {
        output(HeaderFrame.Top(title, types.PointerSize));
        new VmlinuxHeader(types, mostCharacters, output, cancellation).Write();
        output(HeaderFrame.Bottom);
    }

    private void Write()
    {
        var all = Enumerable.Range(1, _types.Count - 1).Select(id => _types[(uint)id]).ToList();
        foreach (var type in all) Mark(type);
        foreach (var type in all.Where(type => _isReferenced[type.Id]))
            if (_names.DeclaredAs(type.Id) is { } meaning) Output($"typedef {meaning} {_names[type.Id]};\n\n");
        var named = all.Where(type => type.NameOffset != 0)
            .Where(type => type.Kind.IsComposite() || type.Kind.IsAnyEnum() || type.Kind is BtfKind.Typedef or BtfKind.Fwd)
            .OrderBy(type => _names[type.Id], StringComparer.Ordinal).ToList();
        foreach (var type in all.Where(IsLoose).OrderBy(FirstName, StringComparer.Ordinal)) Define(type);
        foreach (var type in named.Where(type => type.Kind.IsAnyEnum())) Define(type);
        foreach (var type in named.Where(IsForward)) Output($"{_text.Type(type)};\n");
        _output("\n");
        foreach (var type in named.Where(type => type.Kind == BtfKind.Typedef)) Need(type.Id, isWhole: false, 0);
        foreach (var type in named.Where(type => type.Kind.IsComposite())) Need(type.Id, isWhole: true, 0);
        Functions();
    }

    // Before everything else, so that no tag is declared first in the parameters of a function, where it would mean another type.
    private bool IsForward(BtfType type) => type.Kind.IsComposite() || (type.Kind == BtfKind.Fwd && !_names.IsComplete(type.Id));

    // An anonymous enum that no type contains: constants.
    private bool IsLoose(BtfType type) => type.Kind.IsAnyEnum() && type.NameOffset == 0 && type.Count > 0 && !_isReferenced[type.Id];

    private string FirstName(BtfType type) => _names.Text(_types.Enumerator(type, 0).NameOffset);

    private void Mark(BtfType type)
    {
        if (type.Kind is BtfKind.Ptr or BtfKind.FuncProto or BtfKind.Var || type.Kind.IsModifierOrTypedef()) Mark(type.SizeOrType);
        if (type.Kind == BtfKind.Array) Mark(_types.Array(type).ElementTypeId);
        var parts = type.Kind.IsComposite() || type.Kind == BtfKind.FuncProto ? type.Count : 0;
        for (var i = 0; i < parts; i++)
            Mark(type.Kind == BtfKind.FuncProto ? _types.Parameter(type, i).TypeId : _types.Member(type, i).TypeId);
    }

    private void Mark(uint id) => _isReferenced[id] = true;

    private void Define(BtfType type)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (type.Kind == BtfKind.Typedef) Output($"{_text.Typedef(type)};\n\n");
        else _output($"{_text.Definition(type)};\n\n"); // it was counted as it was written
    }

    private void Output(string text) => _output(_limit.Count(text));

    /// <summary>Writes what a type needs, and then the type if it has a name.</summary>
    /// <param name="id">The type.</param>
    /// <param name="isWhole">Whether a struct must be defined, or its forward declaration is enough.</param>
    /// <param name="depth">Depth of the recursion.</param>
    private void Need(uint id, bool isWhole, int depth)
    {
        if (depth > MaxDepth) throw new LayoutTooLargeException($"types refer to others more than {MaxDepth} deep");
        var seen = isWhole ? _isSeenWhole : _isSeen;
        if (seen[id]) return;
        seen[id] = true;
        var type = _types[id];
        switch (type.Kind)
        {
            case BtfKind.Typedef:
                var isFirst = !(isWhole ? _isSeen : _isSeenWhole)[id];
                Need(type.SizeOrType, isWhole, depth + 1);
                if (isFirst) Define(type);
                break;
            case BtfKind.Struct or BtfKind.Union when isWhole || type.NameOffset == 0:
                for (var i = 0; i < type.Count; i++) Need(_types.Member(type, i).TypeId, isWhole: true, depth + 1);
                if (type.NameOffset != 0) Define(type);
                break;
            case BtfKind.Array:
                Need(_types.Array(type).ElementTypeId, isWhole: true, depth + 1);
                break;
            case BtfKind.Ptr:
                Need(type.SizeOrType, isWhole: false, depth + 1);
                break;
            case BtfKind.FuncProto:
                Need(type.SizeOrType, isWhole: false, depth + 1);
                for (var i = 0; i < type.Count; i++) Need(_types.Parameter(type, i).TypeId, isWhole: false, depth + 1);
                break;
            case var kind when kind.IsModifierOrTypedef():
                Need(type.SizeOrType, isWhole, depth + 1);
                break;
        }
    }

    // kfuncs, as bpftool declares them since Linux 6.10, where they have a tag.
    private void Functions()
    {
        var functions = _tags.FunctionsWith("bpf_kfunc").Select(type => (Name: _names.Text(type.NameOffset), type.SizeOrType))
            .DistinctBy(function => function.Name).Where(function => _names.TryTake(function.Name))
            .OrderBy(function => function.Name, StringComparer.Ordinal).ToList();
        if (functions.Count == 0) return;
        foreach (var (_, prototype) in functions) Need(prototype, isWhole: false, 0);
        _output(HeaderFrame.FunctionsTop);
        foreach (var (name, prototype) in functions) Output($"extern {_text.Declaration(prototype, name)} __weak __ksym;\n");
        _output(HeaderFrame.FunctionsBottom);
    }
}
