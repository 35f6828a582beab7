using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Relo.Api.Http.Hot;

/// <summary>
/// What the server reads of a connection: all but the requests of <see cref="HotHeads"/>. It looks for them only where a request begins for certain: behind one that was
/// answered so itself, of which nothing is left to be read or sent. On a connection with TLS, where that is never the case, it looks for nothing.
/// </summary>
internal sealed class HotInput(ConnectionContext connection, HotHeads heads, TimeProvider clock) : PipeReader
{
    // A client that asks faster than it is answered would keep the thread, which waits for others as well.
    private const int MostInARow = 256;

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;
    private readonly byte[] _head = new byte[HotHeads.MostBytes];

    private int _headLength; // of the request that the server took last; 0 where that is not known
    private ReadOnlySequence<byte> _handedOver;
    private long _lastHandedOver = clock.GetTimestamp();
    private int _inARow;
    private bool _isBetweenRequests;
    private volatile bool _isSending;

    /// <inheritdoc cref="HotConnection.HasAnswered"/>
    public void HasAnswered(KeptAnswer answer)
    {
        if (_headLength > 0) heads.Keep(_head.AsSpan(0, _headLength), answer);
        _isBetweenRequests = true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _headLength = 0; // whatever is read from here on is another request, or more of one
        if (!_isBetweenRequests) return ReadOnPoolAsync(cancellationToken);
        _isBetweenRequests = false;
        return AnswerKnownAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        _headLength = 0;
        _isBetweenRequests = false;
        return _input.TryRead(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_handedOver.IsEmpty)
        {
            // The server has the last word on where a head ends: it is one only where the server took it at once, and no more.
            if (_handedOver.Slice(0, consumed).Length != _headLength) _headLength = 0;
            _handedOver = default;
        }

        _input.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        _input.CancelPendingRead();
        if (_isSending) connection.Abort(new ConnectionAbortedException("the client asks but does not read"));
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _input.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => _input.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadOnPoolAsync(CancellationToken ct)
    {
        var read = await _input.ReadAsync(ct);
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
        return read;
    }

    // What the server gets in the end is what it would have read.
    private async ValueTask<ReadResult> AnswerKnownAsync(CancellationToken ct)
    {
        while (true)
        {
            var read = await _input.ReadAsync(ct);
            if (read.IsCanceled || WriteAnswers(read.Buffer) is not { } left)
            {
                if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
                HandOver(read.Buffer);
                return read;
            }

            _input.AdvanceTo(left.Start);
            _isSending = true;
            await _output.FlushAsync(ct); // where that fails, so does the next reading
            _isSending = false;
            if (_inARow < MostInARow) continue;
            _inARow = 0;
            await Task.Yield();
        }
    }

    // What is left behind the requests that could be answered; null where none could. Once in a while the server gets its request nevertheless: it tells by them
    // for how long nobody asked anything.
    private ReadOnlySequence<byte>? WriteAnswers(ReadOnlySequence<byte> requests)
    {
        ReadOnlySequence<byte>? left = null;
        while (HotHeads.LengthOf(requests.FirstSpan) is > 0 and var length && clock.GetElapsedTime(_lastHandedOver) < HotAnswerMemory.Life && heads.Find(requests.FirstSpan[..length]) is { } answer)
        {
            _output.Write(answer);
            _inARow++;
            left = requests = requests.Slice(length);
        }

        return left;
    }

    private void HandOver(ReadOnlySequence<byte> requests)
    {
        _handedOver = requests;
        _headLength = HotHeads.LengthOf(requests.FirstSpan);
        requests.FirstSpan[.._headLength].CopyTo(_head);
        _lastHandedOver = clock.GetTimestamp();
    }
}
