using System.Text;

namespace Relo.Archive.Upstream.Apt;

/// <summary>Reads the lines of untrusted text; refuses those longer than a limit.</summary>
internal sealed class BoundedLines(TextReader text, int mostChars)
{
    private readonly char[] _buffer = new char[16 << 10];
    private readonly StringBuilder _line = new();
    private int _at, _end;

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="FormatException">A line is too long.</exception>
    public string? Next()
    {
        _line.Clear();
        while (true)
        {
            if (_at == _end && !Fill()) return _line.Length > 0 ? _line.ToString() : null;
            var rest = _buffer.AsSpan(_at.._end);
            var newLine = rest.IndexOf('\n');
            var part = newLine < 0 ? rest : rest[..newLine];
            if (part.Length > mostChars - _line.Length) throw new FormatException($"it has a line of more than {mostChars} characters");
            _line.Append(part);
            _at += part.Length + (newLine < 0 ? 0 : 1);
            if (newLine >= 0) return _line.ToString();
        }
    }

    private bool Fill()
    {
        _at = 0;
        _end = text.Read(_buffer);
        return _end > 0;
    }
}
